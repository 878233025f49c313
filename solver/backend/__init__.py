"""Where arrays live and kernels run: CPU and GPU behind one surface."""
