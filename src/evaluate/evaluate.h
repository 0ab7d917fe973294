#pragma once

#include <cstddef>
#include <vector>

#include "graph/graph.h"

/// What ops compute, for what is known before the net runs: a frozen input, boxes that only depend on shapes.
namespace mo::evaluate {

/// A node and the numbers of its inputs, each row-major in float; all shapes are known.
struct Arguments {
  const Graph& graph;
  const Node& node;
  std::vector<std::vector<float>> inputs;

  const Shape& input_shape(std::size_t index) const { return graph.shape(node.inputs[index]); }
  const Shape& output_shape(std::size_t index = 0) const { return node.outputs[index].shape; }
  const Attributes& attributes() const { return node.attributes; }
  std::size_t output_size(std::size_t index = 0) const;
};

/// The numbers of each output, row-major.
using Results = std::vector<std::vector<float>>;

struct Rule {
  const OpDef* op;
  Results (*compute)(const Arguments&);
  bool shapes_alone = false;  ///< the results depend on the inputs' shapes, not on their numbers
};

/// How the op is computed, or nullptr: then a node of it stays as it is, whatever it consumes.
const Rule* rule(const OpDef& op);

// elementwise.cpp
Results eltwise(const Arguments& arguments);
Results scale_shift(const Arguments& arguments);
Results batch_normalization(const Arguments& arguments);
Results prelu(const Arguments& arguments);
Results softmax(const Arguments& arguments);
/// Ops of one number at a time: ReLU, Power, Sigmoid ...
Results unary(const Arguments& arguments);

// rearranging.cpp
Results same_numbers(const Arguments& arguments);  ///< Reshape and Flatten
Results permute(const Arguments& arguments);
Results tile(const Arguments& arguments);
Results concat(const Arguments& arguments);
Results slice(const Arguments& arguments);

// windows.cpp
Results convolution(const Arguments& arguments);
Results fully_connected(const Arguments& arguments);
Results pooling(const Arguments& arguments);

// boxes.cpp
Results prior_box(const Arguments& arguments);
Results prior_box_clustered(const Arguments& arguments);

}  // namespace mo::evaluate
