#include "report/conversion_report.h"

#include <nlohmann/json.hpp>

#include "report/code_samples.h"
#include "report/network_json.h"
#include "report/page.h"
#include "report/totals.h"

namespace mo::report {

namespace {

using Json = nlohmann::ordered_json;

Json names_of(const std::vector<std::uint32_t>& places, const Network& network) {
  Json names = Json::array();
  for (const std::uint32_t place : places) names.push_back(network[place].name);
  return names;
}

Json layers_after(const Record& record) {
  Json list = Json::array();
  for (const Layer& layer : record.after) {
    Json json{{"name", layer.name}, {"type", layer.type}};
    json["shapes"] = Json::array();
    for (const Output& output : layer.outputs) json["shapes"].push_back(output.shape);
    json["caffe_layers"] = names_of(layer.counterparts, record.before);
    if (!layer.absorbed.empty()) json["absorbed"] = layer.absorbed;
    json["weights"] = whole(layer.weights);
    json["bytes"] = whole(layer.bytes);
    json["multiply_adds"] = whole(layer.multiply_adds);
    list.push_back(std::move(json));
  }
  return list;
}

Json layers_before(const Record& record) {
  Json list = Json::array();
  for (const Layer& layer : record.before)
    list.push_back({{"name", layer.name},
                    {"type", layer.type},
                    {"fate", record.optimised ? Json(fate_name(layer.fate)) : Json(nullptr)},
                    {"layers", names_of(layer.counterparts, record.after)}});
  return list;
}

Json all_totals(const Record& record) {
  const Totals before = totals(record.before);
  const Totals after = totals(record.after);
  return {{"caffe_layers", before.layers},
          {"layers", after.layers},
          {"fused", record.optimised ? count(record.before, Fate::fused) : 0},
          {"removed", record.optimised ? count(record.before, Fate::removed) : 0},
          {"added", count_added(record.after)},
          {"caffe_weights", whole(before.weights)},
          {"weights", whole(after.weights)},
          {"caffe_bytes", whole(before.bytes)},
          {"bytes", whole(after.bytes)},
          {"caffe_multiply_adds", whole(before.multiply_adds)},
          {"multiply_adds", whole(after.multiply_adds)}};
}

Json clippings(const Record& record) {
  Json list = Json::array();
  for (const Clipping& clipping : record.clippings)
    list.push_back({{"layer", clipping.layer},
                    {"weights", clipping.weights},
                    {"to_infinity", clipping.to_infinity},
                    {"to_zero", clipping.to_zero}});
  return list;
}

Json timing(const Conversion& conversion) {
  Json phases = Json::array();
  for (const Phase& phase : conversion.phases)
    phases.push_back({{"name", phase.name}, {"seconds", phase.seconds}, {"bytes", phase.bytes}});
  return {{"seconds", conversion.seconds}, {"phases", std::move(phases)}};
}

}  // namespace

void add_details(nlohmann::ordered_json& json, const Conversion& conversion, const Record& record) {
  json["model"] = {
      {"name", conversion.name}, {"prototxt", conversion.prototxt}, {"caffemodel", conversion.caffemodel}};
  json["written"] = {{"format", conversion.is_onnx ? "onnx" : "ir"},
                     {"version", conversion.version},
                     {"text", written_as(conversion)},
                     {"data_type", conversion.fp16 ? "FP16" : "FP32"}};
  json["preprocessing"] = conversion.preprocessing;
  json["totals"] = all_totals(record);
  json["layers"] = layers_after(record);
  json["caffe_layers"] = layers_before(record);
  json["fp16_losses"] = clippings(record);
  json["timing"] = timing(conversion);
  json["code"] = {{"python", python_code(conversion)}, {"cpp", cpp_code(conversion)}};
}

std::string report_html(const nlohmann::ordered_json& json) {
  return fill(report_page, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace mo::report
