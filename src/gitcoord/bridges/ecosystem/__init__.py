"""Exchange with one `ecosystem.yaml`: its catalogue of repositories and its `coordination:` part.

Reading and writing are pure mappings between one document and records. What was decided
on the way is told in notes; what has no field here is kept under `metadata`.
"""
