#pragma once

#include "caffe/net.h"

namespace mo::caffe {

/// Gives each PowerFile layer the numbers of its `shift_file`, as its only blob.  As in Caffe, the file is
/// looked for from the current folder, has numbers between white space, and counts up to the first thing that
/// is none. A file that cannot be read leaves the layer without a blob.
void attach_shift_files(Net& net);

}  // namespace mo::caffe
