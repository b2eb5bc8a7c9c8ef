"""Changes the program in small ways, one at a time, and counts how many of the changes a unit test notices.

The changes come from mutmut's operators. Its runner was tried and does not fit: it changes nothing outside of functions
(here limits, tables and specs stand at a module's top), nothing in a function with a decorator, and it knows no sample,
no seed and no bound of time. So the driver is our own: it forks a process that has already imported what is not ours,
once for each change.
"""
