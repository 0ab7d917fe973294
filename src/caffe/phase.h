#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "caffe/message.h"

namespace mo::caffe {

/// What a net is built for; the layers' `include` and `exclude` rules are judged against it.
struct NetState {
  std::string phase = "TEST";
  std::int64_t level = 0;
  std::vector<std::string> stages;
};

/// Phase TEST with the level and the stages that the net's own `state { ... }` names.
NetState inference_state(const Message& net);

/// Whether a layer belongs to a net of that state: with `include` rules one of them must be met, else no
/// `exclude` rule may be.  A rule is met when all that it names holds.
bool is_included(const Message& layer, const NetState& state);

}  // namespace mo::caffe
