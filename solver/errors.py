"""Every error that a user can meet, with the exit code of the command line."""


class LevitasError(Exception):
    """Base class: the command line prints the message (never a traceback) and exits `exit_code`."""

    exit_code = 1


class UsageError(LevitasError):
    """The command was called wrongly."""

    exit_code = 2


class CaseError(LevitasError):
    """Invalid or missing case input; the message lists every fault, one `file:line: ...` a line."""

    exit_code = 3


class Diverged(LevitasError):
    """A field is not finite or too fast; the message names field, cell and step."""

    exit_code = 4


class ResourceError(LevitasError):
    """Not enough memory, disk, devices, or no compiler."""

    exit_code = 5


class CorruptRun(LevitasError):
    """Files of a run folder are damaged or do not belong together."""

    exit_code = 6


class VerificationFailed(LevitasError):
    """A check failed under --strict."""

    exit_code = 7


STOPPED = 75  # stopped early by a signal, a time limit or a file; resumable by the same command
