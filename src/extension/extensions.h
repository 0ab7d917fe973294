#pragma once

#include <memory>
#include <string>
#include <vector>

#include "caffe/layer_registry.h"
#include "extension/library.h"
#include "ops/op_registry.h"
#include "support/diagnostics.h"

namespace mo::extension {

enum class Stage { front, middle, back };

/// A callback of a library, kept with what it needs; the library stays loaded as long.
struct Callback {
  std::shared_ptr<const Library> library;
  std::shared_ptr<void> self;
  std::string where;  ///< `pass fold_it`, for messages
};

/// A rewrite that a library offers.
struct Pass {
  std::string name;
  Stage stage = Stage::middle;
  Callback callback;
  mo_callback run = nullptr;
};

/// What the user adds to one conversion, beside the built-in things.
struct Extensions {
  caffe::LayerRegistry layers;
  std::shared_ptr<OpRegistry> ops = std::make_shared<OpRegistry>();
  std::vector<Pass> passes;
  std::vector<std::string> disabled_passes;
  std::vector<std::string> libraries;  ///< files
};

/// Loads a library, first in a child process, and takes what it offers.  Throws Failure (extension_library)
/// that names the file: it cannot be loaded, crashes, has another version, or offers what another has.
void load_library(const std::string& path, Extensions& extensions);

/// Runs the passes of a stage, each followed by the inference of the shapes that it touched, and erases what
/// nothing needs any more.  Throws Failure that names the pass and its library.
void run_passes(const Extensions& extensions, Stage stage, Graph& graph, int ir_version,
                Diagnostics& diagnostics);

}  // namespace mo::extension
