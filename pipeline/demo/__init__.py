"""The demo newspaper: two invented papers with known truth, printed as real sites on loopback."""
