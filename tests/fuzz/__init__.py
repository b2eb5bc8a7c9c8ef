"""Every reader of the program beside what is thrown at it: hostile shapes, generated ones, and a fuzzer's."""
