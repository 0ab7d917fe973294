#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"

namespace mo::passes {

/// Numbers for the channels of one input, or one number for all of them.
struct ChannelValues {
  std::string input;  ///< by layer or blob; empty: the values are given for all inputs in order
  std::vector<double> values;
};

/// What is done to the inputs before the net: net((reverse(x) - mean) / scale), so means and scales are in
/// the channel order of the net.
struct Preprocess {
  std::vector<ChannelValues> means;
  std::vector<ChannelValues> scales;
  std::optional<double> scale;                                              ///< of all original inputs
  std::optional<Tensor> mean_image;                                         ///< [channels, height, width]
  std::optional<std::pair<std::int64_t, std::int64_t>> mean_image_offsets;  ///< row, column; else centred
  bool reverse_channels = false;
  bool means_beside_layers = false;       ///< means go into Graph::means, as legacy IR can say it
  bool images_beside_layers = false;      ///< the same for the mean image
  std::vector<std::string> input_order;   ///< which inputs values without names are for; empty: the net's
  std::vector<std::string> cut_inputs;    ///< inputs that the original net did not have
  std::vector<std::string> known_inputs;  ///< inputs of the original net, also those that are cut off
};

/// Puts the preprocessing behind the inputs.  Before:  net(x)   After:  net(ScaleShift(x))
/// A reversal ends in the weights of the first layers that mix channels, or else in a Slice and a Concat.
void preprocess(Graph& graph, const Preprocess& options, Diagnostics& diagnostics);

/// Takes over a reversal of the three channels of `value` into the weights behind it.  False, and nothing is
/// changed, when something behind it can only be fed the channels as they are.
bool absorb_reversal(Graph& graph, Value value);

}  // namespace mo::passes
