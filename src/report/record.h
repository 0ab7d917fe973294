#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/shape.h"

namespace mo::report {

/// What became of a layer of the Caffe net.
enum class Fate : std::uint8_t {
  kept,    ///< a layer of its own computes it
  fused,   ///< its arithmetic is a part of other layers
  removed  ///< it does nothing at inference, or nothing needs it
};

/// What a layer gives; without a shape where that is not known.
struct Output {
  std::string name;
  Shape shape;
  bool known = false;
};

/// A layer of a network as it is drawn and listed.
struct Layer {
  std::string name;
  std::string type;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::uint32_t> sources;  ///< which layers of its network its inputs come from
  std::vector<Output> outputs;
  double multiply_adds = 0;
  double weights = 0;                       ///< numbers
  double bytes = 0;                         ///< of its weights: in 32 bits, or as they are stored
  std::vector<std::uint32_t> counterparts;  ///< layers of the other network: what it became, what it computes
  std::vector<std::string> absorbed;        ///< added layers (means, scales) whose arithmetic it took in
  Fate fate = Fate::kept;                   ///< of a layer of the Caffe net
};

/// Layers in an order in which each comes behind its sources, as far as the net has no defect.
using Network = std::vector<Layer>;

/// Weights of a layer that FP16 could not hold.
struct Clipping {
  std::string layer;
  std::uint64_t weights = 0;
  std::uint64_t to_infinity = 0;
  std::uint64_t to_zero = 0;
};

/// A net before and after its conversion.
struct Record {
  std::string name;
  bool trained = false;    ///< the weights are a caffemodel's
  bool optimised = false;  ///< it came so far that there is a network after
  Network before;
  Network after;
  std::vector<Clipping> clippings;
};

}  // namespace mo::report
