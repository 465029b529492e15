"""Runs a program that stalls again and again, as on a machine that is too busy."""
import os
import random
import signal
import subprocess
import sys
import time

SEED = 8
MAX_STALL = 0.15
MAX_REST = 0.03

chance = random.Random(SEED)
program = subprocess.Popen(sys.argv[1:], process_group=0)
while program.poll() is None:
    for what, longest in ((signal.SIGSTOP, MAX_STALL), (signal.SIGCONT, MAX_REST)):
        os.killpg(program.pid, what)
        time.sleep(chance.uniform(0.0, longest))
