"""How open work came and went over time: events in, numbers for each day, week or month out.

Everything here is a function of events and a time zone. Nothing is stored as truth:
the same events give the same numbers.
"""
