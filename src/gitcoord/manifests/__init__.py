"""What repositories declare in their manifests: packages, versions, and what they need."""
