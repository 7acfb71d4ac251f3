"""What git's hooks call: each finds its hub, calls one function of `api`, says what came of it."""
