"""The facts of the machine below: mounts, disks, swap, this process. Knows nothing of the survey."""
