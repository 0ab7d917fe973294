#pragma once

#include <string>
#include <vector>

#include "caffe/layer_context.h"
#include "caffe/net.h"
#include "custom/user_layers.h"
#include "ir/model.h"
#include "passes/passes.h"
#include "support/diagnostics.h"

namespace mo {

struct ConvertOptions {
  caffe::NetFiles files;
  std::string output_dir = ".";
  std::string model_name;  ///< stem of the output files
  int ir_version = 11;
  bool compress_to_fp16 = false;
  caffe::InputOverrides inputs;
  passes::Options passes;
  custom::Sources custom_layers;
  ir::TextAttributes parameters;              ///< the command line, for the IR's metadata
  std::vector<std::string> unset_parameters;  ///< legacy IR lists these too
  std::string producer = "mo";                ///< name and version of the tool, likewise
};

struct ConvertResult {
  std::string xml;
  std::string bin;
  std::string mapping;
};

/// The whole way from a Caffe model to a pair of IR files.  On any error nothing is written and the
/// diagnostics say why. Returns the paths of the files; empty paths when there were errors.
ConvertResult convert(const ConvertOptions& options, Diagnostics& diagnostics);

}  // namespace mo
