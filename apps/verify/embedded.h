#pragma once

#include <string>

#include "convert.h"
#include "verify/array.h"

namespace mo::verify {

/// What the conversion did to the inputs, as the IR's own metadata say it.
struct Embedded {
  passes::Preprocess preprocess;
  std::vector<passes::FrozenInput> frozen;
  std::vector<passes::InputForm> forms;

  bool has_mean() const { return !preprocess.means.empty() || preprocess.mean_image.has_value(); }
};

/// Reads the metadata of an IR of any version, those that the original Model Optimizer wrote too.  They name
/// a mean file without its folder: `mean_file` is where it lies.  `files`: the Caffe
/// net's.  Throws Failure: damaged_ir, verify_inputs,
/// and what the options of the conversion throw.
Embedded read_embedded(const std::string& xml, const caffe::NetFiles& files, const std::string& mean_file);

/// The net's side of an input that the application feeds as `fed`: net((reverse(fed) - mean) / scale).
/// `index`: of the input, in the order of the net; both have the shape of the net, [N, C, ...].
Array to_net_side(const Array& fed, const std::string& input, std::size_t index, const Embedded& embedded);

}  // namespace mo::verify
