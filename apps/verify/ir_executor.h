#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "caffe/net.h"
#include "common/model.h"
#include "verify/array.h"

namespace mo::verify {

/// An input of the IR in the form in which it is fed.
struct IrInput {
  std::vector<std::string> names;  ///< of its tensor and its layer
  Shape shape;
  bool bytes = false;  ///< fed as integers of 8 bits
};

/// A value of the IR that is the top of a Caffe layer.
struct Observation {
  std::size_t layer = 0;  ///< index into the net's layers
  std::size_t top = 0;
  std::string ir_layer;  ///< friendly name of the operation
  std::size_t output = 0;
};

struct IrOutput {
  std::string name;
  std::optional<std::size_t> observation;  ///< which of the observations it is
  Array values;
};

struct IrResults {
  std::vector<Array> observed;    ///< one for each observation
  std::vector<IrOutput> outputs;  ///< of the IR as it is
};

std::vector<IrInput> inputs_of(const ov::Model& model);

/// Where the tops of the net's layers are found: by the .mapping file beside the IR, else by tensors' names,
/// as in ONNX models; of an old IR without a mapping, only what its outputs are.
std::vector<Observation> find_observations(const apps::LoadedModel& loaded, const caffe::Net& net);

/// Infers the IR as it is, and once more with all that is observed as outputs; in 32 bits.
IrResults infer(ov::Core& core, const ov::Model& model, const std::string& device,
                const std::vector<Array>& feeds, const std::vector<Observation>& observations);

/// Whether weights are stored in 16 bits.
bool has_half_weights(const ov::Model& model);

}  // namespace mo::verify
