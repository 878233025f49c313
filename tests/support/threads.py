"""Several ranks as threads of one process: what needs no MPI is tested without it."""

import threading
from collections import defaultdict
from queue import Queue

import numpy as np


class Thread:
    """One rank of `on_ranks`: the surface of levitas.solver.grid.comm."""

    def __init__(self, rank, size, shared):
        self.rank, self.size, self.local_rank = rank, size, rank
        self.shared = shared

    def _all(self, value):
        self.shared["values"][self.rank] = value
        self.shared["barrier"].wait(20)
        found = [self.shared["values"][n] for n in range(self.size)]
        self.shared["barrier"].wait(20)
        return found

    def allreduce(self, values, op="sum"):
        found = self._all(np.atleast_1d(np.asarray(values)))
        return np.sum(found, axis=0) if op == "sum" else np.max(found, axis=0)

    def bcast(self, value, root=0):
        return self._all(value)[root]

    def gather(self, value, root=0):
        found = self._all(value)
        return found if self.rank == root else None

    def barrier(self):
        self._all(None)

    def fail_together(self, code):
        return len(set(self._all(code))) == 1

    def send(self, buffer, to, tag=0):
        self.shared["mail"][self.rank, to, tag].put(np.array(buffer))

    def recv(self, buffer, source, tag=0):
        buffer[...] = self.shared["mail"][source, self.rank, tag].get(timeout=20)

    def channel(self, sends, receives):
        return _Channel(self, sends, receives)


class _Channel:
    def __init__(self, comm, sends, receives):
        self.comm, self.sends, self.receives = comm, sends, receives

    def start(self):
        for buffer, to, tag in self.sends:
            self.comm.send(buffer, to, tag)

    def wait(self):
        for buffer, source, tag in self.receives:
            self.comm.recv(buffer, source, tag)


def on_ranks(size, work):
    """`work(comm)` on `size` ranks at once: their results in rank order; the first error raised."""
    shared = {
        "values": {},
        "barrier": threading.Barrier(size),
        "mail": defaultdict(Queue),
    }
    results, errors = [None] * size, []

    def run(rank):
        try:
            results[rank] = work(Thread(rank, size, shared))
        except BaseException as error:
            errors.append(error)
            shared["barrier"].abort()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise next(
            (e for e in errors if not isinstance(e, threading.BrokenBarrierError)), errors[0]
        )
    return results
