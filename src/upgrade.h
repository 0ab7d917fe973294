#pragma once

#include <optional>
#include <string>
#include <vector>

#include "convert.h"
#include "ir/model.h"
#include "support/diagnostics.h"

namespace mo {

struct UpgradeOptions {
  std::string xml;  ///< of IR v2 to v7; its .bin lies beside it
  std::string output_dir = ".";
  std::string model_name;  ///< stem of the output files
  int ir_version = 11;
  std::optional<bool> compress_to_fp16;       ///< nothing: as the file has it
  ir::TextAttributes parameters;              ///< the command line, for the IR's metadata
  std::vector<std::string> unset_parameters;  ///< legacy IR lists these too
  std::string producer = "mo";
  bool allow_fp16_overflow = false;  ///< as in ConvertOptions
  bool durable = false;              ///< likewise
  ir::Memory* memory = nullptr;      ///< likewise
};

/// Reads legacy IR and writes it in another version.  Weights are not computed with: nothing is fused, and
/// another legacy version gets the same .bin file.  On any error nothing is written.
ConvertResult upgrade(const UpgradeOptions& options, Diagnostics& diagnostics);

}  // namespace mo
