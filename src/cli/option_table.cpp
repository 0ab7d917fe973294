#include "cli/option_table.h"

#include <array>

namespace mo::cli {

namespace {

constexpr std::string_view general = "General";
constexpr std::string_view agnostic = "Framework-agnostic";
constexpr std::string_view caffe = "Caffe";

}  // namespace

std::span<const Option> all_options() {
  static const std::array options{
      Option{{"--help", "-h"}, "", general, "", "Show this help and stop."},
      Option{{"--version"}, "", general, "", "Show the version and stop."},
      Option{{"--framework"},
             "{tf,caffe,mxnet,kaldi,onnx}",
             general,
             "caffe",
             "Framework of the input model. This build reads caffe."},
      Option{{"--input_model", "-w", "-m"},
             "FILE",
             agnostic,
             "",
             "Caffe: the .caffemodel file with the trained weights."},
      Option{{"--model_name", "-n"},
             "NAME",
             agnostic,
             "stem of the input model",
             "Name of the output files and, where the prototxt has none, of the network."},
      Option{
          {"--output_dir", "-o"}, "DIR", agnostic, ".", "Folder for the IR; created when it does not exist."},
      Option{{"--input_shape"},
             "SHAPE",
             agnostic,
             "as in the prototxt",
             "Shape of the input, [1,3,227,227] or (1,3,227,227); several for several inputs, separated by "
             "commas, in the "
             "order of --input (without --input: of the model)."},
      Option{{"--input"},
             "NAMES",
             agnostic,
             "all",
             "Names of the inputs that --input_shape is for, separated by commas."},
      Option{{"--batch", "-b"}, "N", agnostic, "as in the prototxt", "Size of the inputs' first dimension."},
      Option{{"--data_type"},
             "{FP16,FP32,half,float}",
             agnostic,
             "float",
             "Type in which the weights are stored. FP16 (half) halves the .bin file; the runtime computes "
             "in the type of "
             "its device."},
      Option{{"--disable_fusing"},
             "",
             agnostic,
             "",
             "Do not fuse linear operations into Convolution and FullyConnected."},
      Option{{"--ir_version"},
             "{10,11}",
             agnostic,
             "11",
             "Version of the IR. v11 is what today's OpenVINO runtime reads best; the original of 2018 wrote "
             "v3 by "
             "default, which no current runtime reads."},
      Option{{"--log_level"},
             "{CRITICAL,ERROR,WARN,WARNING,INFO,DEBUG,NOTSET}",
             agnostic,
             "WARNING",
             "From which level on messages are shown."},
      Option{{"--inspect"},
             "[=json]",
             agnostic,
             "",
             "Convert nothing: show each layer with its shapes, parameters, multiply-adds and weights, and all "
             "problems of the net. Works with --input_proto alone."},
      Option{{"--silent"}, "", agnostic, "", "Show errors alone, and at the end where the IR is."},
      Option{{"--input_proto", "-d"},
             "FILE",
             caffe,
             "beside the model, same stem",
             "The deploy prototxt that describes the net."},
  };
  return options;
}

}  // namespace mo::cli
