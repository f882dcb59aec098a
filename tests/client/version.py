"""version.py LIBRARY: says which libnnrun it has."""
import ctypes
import sys

nnrun = ctypes.CDLL(sys.argv[1])
nnrun.nnrun_version.restype = ctypes.c_char_p
print(nnrun.nnrun_version().decode())
