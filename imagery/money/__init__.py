"""What pictures may cost, do cost, and how fast they may be asked for."""
