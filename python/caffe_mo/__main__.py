"""``python -m caffe_mo``: the program ``mo`` that is installed beside this Python."""

import os
import sys
import sysconfig

program = os.path.join(sysconfig.get_path("scripts"), "mo")
os.execv(program, [program, *sys.argv[1:]])
