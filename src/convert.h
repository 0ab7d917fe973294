#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "caffe/cut.h"
#include "caffe/net.h"
#include "custom/user_layers.h"
#include "inspect/summary.h"
#include "ir/model.h"
#include "ir/write_files.h"
#include "onnx/dialect.h"
#include "passes/freeze.h"
#include "passes/input_forms.h"
#include "passes/passes.h"
#include "passes/preprocess.h"
#include "report/recorder.h"
#include "support/diagnostics.h"
#include "support/progress.h"

namespace mo {

/// What is written: files of an IR, or of an ONNX model.
enum class OutputFormat : std::uint8_t { ir, onnx };

struct ConvertOptions {
  caffe::NetFiles files;
  std::string output_dir = ".";
  std::string model_name;  ///< stem of the output files
  int ir_version = 11;
  OutputFormat format = OutputFormat::ir;
  int onnx_opset = onnx::default_opset;
  bool onnx_external_data = false;  ///< weights in a file of their own, however small
  bool compress_to_fp16 = false;
  caffe::Cuts cuts;
  std::int64_t batch = 0;  ///< 0: as the net says
  std::vector<passes::FrozenInput> frozen;
  std::vector<passes::InputForm> input_forms;
  passes::Preprocess preprocess;
  std::string mean_file;            ///< empty: none
  bool move_to_preprocess = false;  ///< means beside the layers, where the IR version can say it
  passes::Options passes;
  custom::Sources custom_layers;
  std::vector<std::string> unset_parameters;           ///< legacy IR lists these too
  std::string producer = "mo";                         ///< name and version of the tool, likewise
  ir::TextAttributes parameters;                       ///< the command line, for the IR's metadata
  std::function<void(const Graph&)> after_build = {};  ///< sees the graph before any rewriting
  bool write_files = true;
  bool allow_fp16_overflow = false;      ///< weights may become infinite in FP16
  bool durable = false;                  ///< wait until the disk has the files before they get their names
  unsigned threads = 0;                  ///< at most, for the weights; 0: as many as there are cores
  Progress* progress = nullptr;          ///< told what is being done
  ir::Memory* memory = nullptr;          ///< takes the IR, in place of files
  report::Recorder* recorder = nullptr;  ///< told what becomes of the layers; without a caffemodel it is
                                         ///< shown what would become of them
};

/// A tensor at the border of the IR.
struct Terminal {
  std::string name;
  Shape shape;
  std::string element_type = "f32";  ///< as IR v11 names it
};

struct ConvertResult {
  std::string xml;
  std::string bin;
  std::string mapping;
  std::vector<Terminal> inputs;
  std::vector<Terminal> outputs;
  std::string onnx = {};          ///< instead of the first three, of an ONNX model
  std::string onnx_weights = {};  ///< empty: they are inside
};

/// The whole way from a Caffe model to a pair of IR files, or to an ONNX model.  On any error nothing is
/// written and the diagnostics say why. Returns the paths of the files; empty paths when there were errors.
ConvertResult convert(const ConvertOptions& options, Diagnostics& diagnostics);

/// The part of the net that is asked for, layer by layer, without converting it.
inspect::NetSummary summarize(const ConvertOptions& options, Diagnostics& diagnostics);

}  // namespace mo
