#include <cmath>
#include <nlohmann/json.hpp>

#include "verify/report.h"

namespace mo::verify {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json("infinite");
}

Json to_json(const Difference& difference) {
  return {{"largest", number(difference.largest)},
          {"mean", number(difference.mean)},
          {"relative", number(difference.relative)},
          {"cosine", number(difference.cosine)}};
}

Json to_json(const Row& row) {
  Json json{{"layer", row.layer}, {"type", row.type}, {"top", row.top}, {"shape", row.shape}};
  if (row.difference) json.update(to_json(*row.difference));
  json["agrees"] = row.agrees;
  if (!row.note.empty()) json["note"] = row.note;
  return json;
}

Json to_json(const OutputRow& output) {
  Json json{{"name", output.name}};
  if (output.difference) json.update(to_json(*output.difference));
  json["agrees"] = output.agrees;
  if (output.ranking.rows > 0)
    json["ranking"] = {{"rows", output.ranking.rows},
                       {"same_top_1", output.ranking.same_best},
                       {"of_top", output.ranking.of},
                       {"common", output.ranking.common}};
  if (output.detections)
    json["detections"] = {{"expected", output.detections->expected}, {"matched", output.detections->matched}};
  if (output.old_engine) json["old_engine"] = to_json(*output.old_engine);
  return json;
}

}  // namespace

std::string to_json_text(const Report& report) {
  Json json{{"verdict", report.agrees() ? "agrees" : "differs"},
            {"text", report.verdict()},
            {"ir", report.xml},
            {"executor", report.executor},
            {"inputs", report.inputs},
            {"tolerance", report.tolerance}};
  const Row* first = report.first_diverging();
  json["first_diverging"] = first == nullptr ? Json(nullptr) : Json(first->layer);
  json["layers"] = Json::array();
  for (const Row& row : report.rows) json["layers"].push_back(to_json(row));
  json["fused"] = report.fused;
  json["outputs"] = Json::array();
  for (const OutputRow& output : report.outputs) json["outputs"].push_back(to_json(output));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mo::verify
