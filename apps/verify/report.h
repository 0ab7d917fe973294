#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/compare.h"

namespace mo::verify {

/// One layer's result on both sides.
struct Row {
  std::string layer;
  std::string type;  ///< Caffe's
  std::string top;
  Shape shape;
  std::optional<Difference> difference;  ///< nothing: `note` says why
  bool agrees = true;
  std::string note;
};

/// One output of the IR.
struct OutputRow {
  std::string name;
  std::optional<Difference> difference;
  bool agrees = true;
  Ranking ranking;
  std::optional<Detections> detections;
  std::optional<Difference> old_engine;  ///< the IR in the old engine, against the Caffe side
};

struct Report {
  std::string xml;
  std::string executor;
  std::string inputs;
  double tolerance = 0;     ///< of the relative difference
  double least_cosine = 0;  ///< 0: does not count
  std::vector<Row> rows;    ///< in the order of the Caffe net
  std::vector<OutputRow> outputs;
  std::vector<std::string> fused;  ///< layers that became part of others

  const Row* first_diverging() const;
  bool agrees() const;
  std::string verdict() const;  ///< one sentence
};

std::string to_text(const Report& report);
std::string to_json_text(const Report& report);
/// A page that needs nothing beside itself; the errors of the layers as a picture.
std::string to_html(const Report& report);

}  // namespace mo::verify
