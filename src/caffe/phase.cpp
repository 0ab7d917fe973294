#include "caffe/phase.h"

#include <algorithm>

#include "caffe/build_message.h"

namespace mo::caffe {
namespace {

// Binary files and careless writers give the enum's number.
std::string phase_name(const Field& field) {
  if (field.text == "0") return "TRAIN";
  if (field.text == "1") return "TEST";
  return field.text;
}

bool has_stage(const NetState& state, const Field* stage) {
  return std::ranges::find(state.stages, stage->text) != state.stages.end();
}

bool is_met(const Message& rule, const NetState& state) {
  std::int64_t level = 0;
  if (const Field* phase = rule.find("phase"); phase && phase_name(*phase) != state.phase) return false;
  if (const Field* least = rule.find("min_level");
      least && parse_integer(*least, level) && state.level < level) {
    return false;
  }
  if (const Field* most = rule.find("max_level");
      most && parse_integer(*most, level) && state.level > level) {
    return false;
  }
  const auto in_state = [&state](const Field* stage) { return has_stage(state, stage); };
  return std::ranges::all_of(rule.all("stage"), in_state) &&
         std::ranges::none_of(rule.all("not_stage"), in_state);
}

bool any_is_met(const std::vector<const Field*>& rules, const NetState& state) {
  return std::ranges::any_of(
      rules, [&](const Field* rule) { return rule->message && is_met(*rule->message, state); });
}

}  // namespace

NetState inference_state(const Message& net) {
  NetState state;
  if (const Field* level = net.find_path("state.level")) parse_integer(*level, state.level);
  for (const Field* stage : net.all_path("state.stage")) state.stages.push_back(stage->text);
  return state;
}

bool is_included(const Message& layer, const NetState& state) {
  const std::vector<const Field*> includes = layer.all("include");
  if (!includes.empty()) return any_is_met(includes, state);
  return !any_is_met(layer.all("exclude"), state);
}

}  // namespace mo::caffe
