#include <cmath>
#include <mo/version.hpp>
#include <nlohmann/json.hpp>

#include "inspect/summary.h"
#include "support/diagnostic_json.h"

namespace mo::inspect {

namespace {

using Json = nlohmann::ordered_json;

/// A whole number where 63 bits hold it.
Json count(double value) {
  return std::abs(value) < 9e18 ? Json(static_cast<std::int64_t>(std::llround(value))) : Json(value);
}

Json to_json(const std::vector<BlobSummary>& blobs) {
  Json list = Json::array();
  for (const BlobSummary& blob : blobs)
    list.push_back({{"name", blob.name}, {"shape", blob.known ? Json(blob.shape) : Json(nullptr)}});
  return list;
}

Json to_json(const LayerSummary& layer) {
  Json json{{"name", layer.name}, {"type", layer.type}};
  json["bottoms"] = to_json(layer.bottoms);
  json["tops"] = to_json(layer.tops);
  json["parameters"] = Json::object();
  for (const auto& [name, value] : layer.parameters) json["parameters"][name] = value;
  json["multiply_adds"] = count(layer.multiply_adds);
  json["weights"] = count(layer.weights);
  json["weight_bytes"] = count(weight_bytes(layer.weights));
  return json;
}

}  // namespace

std::string to_json_text(const NetSummary& summary, const Diagnostics& diagnostics) {
  Json json{{"version", MO_VERSION_TEXT}, {"status", diagnostics.exit_status()}, {"name", summary.name}};
  json["trained"] = summary.trained;
  json["layers"] = Json::array();
  for (const LayerSummary& layer : summary.layers) json["layers"].push_back(to_json(layer));
  json["totals"] = {{"layers", summary.layers.size()},
                    {"multiply_adds", count(summary.multiply_adds())},
                    {"weights", count(summary.weights())},
                    {"weight_bytes", count(weight_bytes(summary.weights()))}};
  json["messages"] = mo::to_json(diagnostics);
  return to_lines(json);
}

}  // namespace mo::inspect
