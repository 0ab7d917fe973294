/// @file
/// The converter as a library: a trained Caffe model becomes an OpenVINO IR in memory.
///
///     #include <mo/converter.hpp>
///
///     const mo::Ir ir = mo::convert_model({.input_model = "net.caffemodel", .scale = 255});
///     ov::Tensor weights(ov::element::u8, {ir.weights.size()}, ir.weights.data());
///     ov::CompiledModel net = ov::Core().compile_model(ir.xml, weights, "CPU");
///
/// Nothing is printed, no file is written but by save_model(), and no state is shared: calls may run in
/// several threads at a time.  The files that are read must not be shortened meanwhile.  C++20; nothing but
/// this file, its version.hpp and the standard library is needed.
#ifndef MO_CONVERTER_HPP
#define MO_CONVERTER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mo/version.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Marks what the shared library exports; all else in it is hidden.
#if defined(_WIN32)
#ifdef MO_CONVERTER_BUILD
#define MO_CONVERTER_API __declspec(dllexport)
#else
#define MO_CONVERTER_API __declspec(dllimport)
#endif
#else
#define MO_CONVERTER_API __attribute__((visibility("default")))
#endif

/// The converter.
namespace mo {

/// One fact about a model or an option: what is wrong, where, why, and what to do.
struct MO_CONVERTER_API Message {
  /// How bad it is; an error means that there is no result.
  enum class Level : std::uint8_t { info, warning, error };

  Level level = Level::error;     ///< how bad it is
  std::string code;               ///< stable, and the heading in docs/FAQ.md: `unsupported-layer`
  std::string cause;              ///< one sentence, without the place
  std::string remedy;             ///< what the user can do; may be empty
  std::string layer;              ///< name of the Caffe layer; empty where it is not about one
  std::string layer_type;         ///< its Caffe type
  std::string file;               ///< path as it was given
  std::uint32_t line = 0;         ///< in a text file, from 1; 0: not about a line
  std::uint32_t column = 0;       ///< in bytes, from 1
  std::string field;              ///< path of the field in a binary file: `layer[3].blobs[0].data`
  std::int64_t byte_offset = -1;  ///< of the field in its file; -1: not about one
  std::string faq;                ///< the FAQ's entry: `docs/FAQ.md#unsupported-layer`
  std::string text;               ///< all of it in lines, as the program prints it
};

/// Why there is no result.  what() is the text of all errors.
class MO_CONVERTER_API Error : public std::runtime_error {
 public:
  /// Everything that was found out, warnings too, in the order of the program's output; `exit_status` as the
  /// program's: 1 the model, 2 the options, 3 files, 4 a defect of the converter.
  Error(std::vector<Message> messages, int exit_status);
  Error(const Error&) = default;             ///< shares the messages
  Error& operator=(const Error&) = default;  ///< likewise
  ~Error() override;

  /// All errors, warnings and notes.
  const std::vector<Message>& messages() const noexcept { return *messages_; }
  /// What kind of thing went wrong.
  int exit_status() const noexcept { return exit_status_; }

 private:
  std::shared_ptr<const std::vector<Message>> messages_;
  int exit_status_;
};

/// How far a conversion is.
struct MO_CONVERTER_API ProgressState {
  std::string phase;        ///< what is being done: `write the weights`
  std::uint64_t done = 0;   ///< of `total`, in bytes
  std::uint64_t total = 0;  ///< 0: not known
};

/// Numbers for the channels of one input, or one number for all of them.
struct MO_CONVERTER_API InputValues {
  std::string input;           ///< name of the input; empty: the inputs are meant in their order
  std::vector<double> values;  ///< one for each channel, or one
};

/// What a conversion shall do.  Members have the names and the meaning of the program's options
/// (docs/cli.md); texts are written as on its command line.  Only `input_model` or `input_proto` is needed.
struct MO_CONVERTER_API ConvertModelOptions {
  std::string input_model;              ///< path of the .caffemodel
  std::string input_proto = {};         ///< path; empty: beside the model, of the same stem
  std::string model_name = {};          ///< the net's name where the prototxt has none; empty: the stem
  std::vector<std::string> input = {};  ///< names of inputs or places to cut at; empty: the net's
  std::vector<std::vector<std::int64_t>> input_shape = {};  ///< by input; -1: not known before inference
  std::int64_t batch = 0;                          ///< first dimension of the inputs; 0: as the net says
  std::vector<std::string> output = {};            ///< layers or blobs; empty: what nothing consumes
  std::string freeze_placeholder_with_value = {};  ///< `data->[0.1 1.2]`
  std::string layout = {};                         ///< `nchw`, `data(nchw->nhwc)`
  std::string source_layout = {};                  ///< the net's side of it
  std::string target_layout = {};                  ///< the application's side of it
  std::vector<InputValues> mean_values = {};   ///< subtracted from the inputs, in the net's order of channels
  std::vector<InputValues> scale_values = {};  ///< what they are divided by after that
  std::optional<double> scale = {};            ///< the same number for all
  bool reverse_input_channels = false;         ///< the application feeds RGB to a BGR net, or the reverse
  std::string mean_file = {};                  ///< path of a .binaryproto
  std::optional<std::pair<std::int64_t, std::int64_t>> mean_file_offsets =
      {};                                          ///< row, column; none: centred
  std::string preprocess = {};                     ///< `auto`: means and scales of the training prototxt
  bool move_to_preprocess = false;                 ///< means beside the layers, in IR v2 to v7
  bool compress_to_fp16 = false;                   ///< weights of half the size
  bool allow_fp16_overflow = false;                ///< weights may become infinite by it
  int ir_version = 11;                             ///< 2 to 7, 10 or 11; the environment is not asked
  bool disable_fusing = false;                     ///< keep BatchNorm and Scale apart from convolutions
  bool disable_gfusing = false;                    ///< keep the groups of a convolution apart
  bool disable_resnet_optimization = false;        ///< keep strides where they are
  bool fold_constants = false;                     ///< compute what depends on shapes alone
  std::vector<std::string> finegrain_fusing = {};  ///< expressions (RE2) of layers that are not fused
  std::string k = {};                              ///< path of a CustomLayersMapping.xml
  std::vector<std::string> extensions = {};        ///< folders of .toml and .so files; none by default
  std::string caffe_proto = {};                    ///< path of the fork's caffe.proto
  bool disable_omitting_optional = false;          ///< of `k`: attributes without a value too
  bool enable_flattening_nested_params = false;    ///< of `k`: `outer__inner`
  unsigned threads = 0;  ///< at most, for the weights; 0: as many as there are cores

  /// Called in the calling thread at the begin and end of each phase, and as the phase goes on.  An exception
  /// ends the conversion and comes out of it.
  std::function<void(const ProgressState&)> progress = {};
  /// Gives memory for so many bytes, which the weights are written to and the caller keeps: into a tensor of
  /// the runtime, for example.  Without it the result owns them.  nullptr is answered with std::bad_alloc.
  std::function<std::byte*(std::size_t)> allocate_weights = {};
};

/// The content of the .bin file.  Copies share the bytes, which live as long as any of them.
class MO_CONVERTER_API Weights {
 public:
  Weights() = default;
  /// `bytes` keeps itself alive, or is the caller's.
  Weights(std::shared_ptr<std::byte> bytes, std::size_t size) : bytes_(std::move(bytes)), size_(size) {}

  /// The first byte, aligned for cache lines where the converter took the memory.  Not const, since runtimes
  /// ask for void*; they do not write.
  std::byte* data() const noexcept { return bytes_.get(); }
  /// In bytes.
  std::size_t size() const noexcept { return size_; }

 private:
  std::shared_ptr<std::byte> bytes_;
  std::size_t size_ = 0;
};

/// An input or output of an IR.
struct MO_CONVERTER_API IrPort {
  std::string name;                 ///< the Caffe blob's, which the runtime knows it by
  std::vector<std::int64_t> shape;  ///< outermost dimension first; -1: not known before inference
};

/// An IR: what the files of `mo` hold, byte by byte.
struct MO_CONVERTER_API Ir {
  std::string xml;                ///< the layers
  Weights weights;                ///< what the layers refer to
  std::string mapping;            ///< which value is which Caffe layer's top, in XML
  std::vector<IrPort> inputs;     ///< in the order of the xml
  std::vector<IrPort> outputs;    ///< likewise
  std::vector<Message> messages;  ///< warnings and notes
};

/// Converts a Caffe model.
/// @throws Error when the model or an option is wrong, or a file cannot be read
/// @throws std::bad_alloc when there is no memory for the result
MO_CONVERTER_API Ir convert_model(const ConvertModelOptions& options);

/// What an upgrade shall do.
struct MO_CONVERTER_API UpgradeIrOptions {
  std::string xml;                            ///< path of an IR v2 to v7; its .bin lies beside it
  int ir_version = 11;                        ///< what it becomes
  std::optional<bool> compress_to_fp16 = {};  ///< none: as the IR has it
  bool allow_fp16_overflow = false;           ///< weights may become infinite by it
  std::string model_name = {};                ///< the net's name where the IR has none; empty: the stem
};

/// Turns an IR of old into one of another version; weights are not computed with.
/// @throws Error as convert_model() does
MO_CONVERTER_API Ir upgrade_ir(const UpgradeIrOptions& options);

/// Writes the .xml, .bin and .mapping files: all of them are whole before any has its name, and on failure
/// none is there.  Folders are created.
/// @param ir   what convert_model() or upgrade_ir() gave
/// @param path of the .xml file; the others lie beside it under the same stem
/// @throws Error (exit status 3) when the disk refuses, or `path` does not end in .xml
MO_CONVERTER_API void save_model(const Ir& ir, const std::string& path);

/// A bottom or top of a layer.
struct MO_CONVERTER_API BlobInfo {
  std::string name;                                ///< as in the prototxt
  std::optional<std::vector<std::int64_t>> shape;  ///< none where the layer is not understood
};

/// What is known of a Caffe layer.
struct MO_CONVERTER_API LayerInfo {
  std::string name;               ///< as in the prototxt
  std::string type;               ///< `Convolution`, also of files of old
  std::vector<BlobInfo> bottoms;  ///< what it reads
  std::vector<BlobInfo> tops;     ///< what it gives
  std::vector<std::pair<std::string, std::string>>
      parameters;            ///< those set and with effect: `num_output`, `20`
  double multiply_adds = 0;  ///< with weights
  double weights = 0;        ///< numbers in its blobs
};

/// What is known of a Caffe net.
struct MO_CONVERTER_API ModelInfo {
  std::string name;               ///< may be empty
  bool trained = false;           ///< the weights are a caffemodel's; else those that training would give
  std::vector<LayerInfo> layers;  ///< those of inference, in the order of the file
  std::vector<Message> messages;  ///< problems too: they are no exception here
};

/// Looks at a Caffe net without converting it; `input_proto` alone will do.
/// @throws Error when a file cannot be read or an option is wrong
MO_CONVERTER_API ModelInfo inspect_model(const ConvertModelOptions& options);

/// Version of the library that is running; MO_VERSION_TEXT is that of the headers.
MO_CONVERTER_API std::string library_version();

}  // namespace mo

#endif
