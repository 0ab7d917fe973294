#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caffe/net.h"
#include "verify/array.h"
#include "verify/embedded.h"
#include "verify/ir_executor.h"

namespace mo::verify {

/// Where the numbers come from that both sides are fed.
struct InputSource {
  std::string arrays;  ///< path of a .npz file or of a folder of .npy; empty: none
  std::string image;   ///< path of an image; empty: none
  unsigned seed = 1;   ///< else seeded random numbers ...
  std::optional<std::pair<float, float>>
      range;  ///< ... in this range; nothing: as pixels, around 0 without a mean
};

struct Feeds {
  std::vector<Array> ir;    ///< in the order and form of the IR's inputs
  Arrays application;       ///< the same numbers by the names of Caffe's blobs, [N, C, H, W]
  Arrays caffe;             ///< what Caffe is fed, after the preprocessing that the IR has inside
  std::string description;  ///< for the report
};

/// Throws Failure: verify_inputs, image and file errors.
Feeds make_feeds(const std::vector<IrInput>& inputs, const caffe::Net& net, const Embedded& embedded,
                 const InputSource& source);

}  // namespace mo::verify
