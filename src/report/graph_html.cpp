#include <fmt/format.h>

#include <mo/version.hpp>
#include <nlohmann/json.hpp>

#include "report/graph.h"
#include "report/network_json.h"
#include "report/page.h"
#include "report/totals.h"

namespace mo::report {

namespace {

std::string sizes(const Network& network) {
  const Totals sums = totals(network);
  return fmt::format("{} layers, {} weights, {} multiply-adds", sums.layers, rounded(sums.weights),
                     rounded(sums.multiply_adds));
}

std::string summary(const Record& record) {
  if (!record.optimised) return {};
  return fmt::format(
      "{} of {} layers fused, {} removed{}", count(record.before, Fate::fused), record.before.size(),
      count(record.before, Fate::removed),
      record.trained ? "" : "; without a caffemodel: as the weights of a training would make it");
}

}  // namespace

std::string caption_before(const Record& record) {
  return "Before, in Caffe: " + sizes(record.before);
}

std::string caption_after(const Record& record, const std::string& written) {
  return fmt::format("After, for {}: {}", written, sizes(record.after));
}

std::string graph_html(const Record& record, const Captions& captions) {
  nlohmann::ordered_json json{
      {"version", MO_VERSION_TEXT}, {"name", captions.name}, {"summary", summary(record)}};
  json["captions"] = {caption_before(record), caption_after(record, captions.written)};
  json["optimised"] = record.optimised;
  json["before"] = to_json(record.before, true);
  json["after"] = to_json(record.after, false);
  return fill(graph_page, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace mo::report
