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
      Option{{"--disable_resnet_optimization"},
             "",
             agnostic,
             "",
             "Do not move the strides of 1x1 convolutions to the layers before them."},
      Option{{"--disable_gfusing"},
             "",
             agnostic,
             "",
             "Accepted for the original's sake: grouped convolutions of Caffe were never merged."},
      Option{
          {"--ir_version"},
          "{2,3,4,5,6,7,10,11}",
          agnostic,
          "11, or the environment's MO_IR_VERSION; 3 when called as mo.py or mo_caffe.py",
          "Version of the IR. Today's OpenVINO runtime reads 10 and 11 alone (since 2020.1 and 2022.1). The "
          "Inference Engine of 2018 R3 read 2, 2018 R4 up to 3, 2018 R5 up to 4, 2019 R1 up to 5, 2019 R2 "
          "and "
          "R3 up to 6, 2020 up to 7 and 10. The original of 2018 wrote 3 by default."},
      Option{{"--generate_deprecated_IR_V2"}, "", agnostic, "", "The same as --ir_version 2."},
      Option{{"--generate_deprecated_IR_V7"}, "", agnostic, "", "The same as --ir_version 7."},
      Option{{"--log_level"},
             "{CRITICAL,ERROR,WARN,WARNING,INFO,DEBUG,NOTSET}",
             agnostic,
             "WARNING",
             "From which level on messages are shown."},
      Option{{"--silent"}, "", agnostic, "", "Show errors alone, and at the end where the IR is."},
      Option{{"--input_proto", "-d"},
             "FILE",
             caffe,
             "beside the model, same stem",
             "The deploy prototxt that describes the net."},
      Option{{"-k", "--k"},
             "FILE",
             caffe,
             "",
             "CustomLayersMapping.xml: types of layers that pass into the IR as they are."},
      Option{{"--extensions"},
             "DIRS",
             caffe,
             "",
             "Folders with description files of layers (.toml), separated by commas."},
      Option{
          {"--caffe_proto"},
          "FILE",
          caffe,
          "",
          "The caffe.proto of the fork that the net is for: fields and defaults of its layers' parameters."},
      Option{{"--disable_omitting_optional"},
             "",
             caffe,
             "",
             "Layers of -k: write also the attributes that are neither set nor have a default."},
      Option{{"--enable_flattening_nested_params"},
             "",
             caffe,
             "",
             "Layers of -k: call the fields of nested messages outer__inner."},
  };
  return options;
}

}  // namespace mo::cli
