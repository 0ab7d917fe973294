#include "evaluate/evaluate.h"
#include "ops/prior_boxes.h"

namespace mo::evaluate {

namespace {

Results boxes(const Arguments& arguments, std::vector<BoxSize> sizes) {
  return {prior_box_values(prior_box_grid(arguments.attributes(), arguments.input_shape(0),
                                          arguments.input_shape(1), std::move(sizes)))};
}

}  // namespace

Results prior_box(const Arguments& arguments) {
  return boxes(arguments, prior_box_sizes(arguments.attributes()));
}

Results prior_box_clustered(const Arguments& arguments) {
  return boxes(arguments, clustered_box_sizes(arguments.attributes()));
}

}  // namespace mo::evaluate
