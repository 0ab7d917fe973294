#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ir/model.h"
#include "support/diagnostics.h"
#include "weights/bin_file.h"

namespace mo::ir {

struct Files {
  std::string xml;
  std::string bin;
  std::string mapping;
  bool durable = false;  ///< not even a power cut leaves names without bytes
};

/// Places the model's constants and writes the three files.  All are whole before any gets its name, and the
/// .bin gets it before the .xml, so that no reader meets a new .xml beside an old .bin.  Throws Failure when
/// the disk refuses.  Numbers that are no finite ones, or that FP16 cannot hold, become diagnostics, and are
/// given back; with an error among them no file gets its name.
std::vector<TensorCounts> write_files(Model& model, const Files& files, Diagnostics& diagnostics,
                                      const WriteSettings& settings = {});

/// An IR that is in no file.
struct Memory {
  /// Gives that many bytes for the weights, which `weights` then refers to; called once.
  std::function<std::byte*(std::uint64_t)> allocate;
  std::span<std::byte> weights = {};
  std::string xml = {};
  std::string mapping = {};
};

/// The same bytes as write_files(), in memory.
std::vector<TensorCounts> write_memory(Model& model, Memory& memory, Diagnostics& diagnostics,
                                       const WriteSettings& settings = {});

}  // namespace mo::ir
