"""Which bot this is. The build reads it here too: looking it up among what is installed took 17 ms of each start."""

VERSION = "0.1.0"
