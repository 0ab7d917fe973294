#pragma once

#include "caffe/caffemodel_reader.h"

namespace mo::caffe {

/// Of the library; empty in builds without libhdf5 (CMake: MO_HDF5).
std::string hdf5_version();

/// The weights of a `.caffemodel.h5`: group `data`, in it one group per layer, in it the blobs `0`, `1` ...
/// Blobs that lie in one run in the file are views of the mapped file; the others are read at once.
/// Layers have no type here.  libhdf5, which crashes on some damaged files, runs in a process of its own
/// where there can be one. Throws Failure: wrong_file_kind, damaged_caffemodel, too_large.
std::vector<WeightLayer> read_hdf5_weights(const std::shared_ptr<const MappedFile>& file);

/// The same in this process.
std::vector<WeightLayer> read_hdf5_weights_here(const std::shared_ptr<const MappedFile>& file);

}  // namespace mo::caffe
