#include "report/network_json.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace mo::report {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Layer& layer, bool is_before) {
  Json json{{"name", layer.name}, {"type", layer.type}};
  for (const auto& [name, value] : layer.parameters) json["parameters"][name] = value;
  if (!layer.sources.empty()) json["sources"] = layer.sources;
  for (const Output& output : layer.outputs)
    json["outputs"].push_back(
        {{"name", output.name}, {"shape", output.known ? to_string(output.shape) : ""}});
  if (layer.multiply_adds > 0) json["multiply_adds"] = whole(layer.multiply_adds);
  if (layer.weights > 0) json["weights"] = whole(layer.weights);
  if (layer.bytes > 0) json["bytes"] = whole(layer.bytes);
  if (!layer.counterparts.empty()) json["counterparts"] = layer.counterparts;
  if (!layer.absorbed.empty()) json["absorbed"] = layer.absorbed;
  if (is_before) json["fate"] = fate_name(layer.fate);
  return json;
}

}  // namespace

nlohmann::ordered_json to_json(const Network& network, bool is_before) {
  Json list = Json::array();
  for (const Layer& layer : network) list.push_back(to_json(layer, is_before));
  return list;
}

const char* fate_name(Fate fate) {
  return fate == Fate::kept ? "kept" : fate == Fate::fused ? "fused" : "removed";
}

nlohmann::ordered_json whole(double value) {
  return std::abs(value) < 9e18 ? Json(static_cast<std::int64_t>(std::llround(value))) : Json(value);
}

}  // namespace mo::report
