"""Device code: one text, compiled for GPUs by NVRTC and for CPUs by a host C++ compiler."""
