"""What is shipped and how it is made: `scripts/build`. No part of the program knows this package."""
