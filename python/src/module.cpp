// caffe_mo._converter: what the Python package is made of.  Options come as texts of the command line,
// results go as tuples; the package gives both their types.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unordered_map.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <unordered_map>

#include "library/run.h"
#include "library/save.h"

namespace nb = nanobind;

namespace {

using Options = std::unordered_map<std::string, std::string>;
using Bytes = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Allocate = std::function<Bytes(std::size_t)>;
using Report = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;
using Port = std::pair<std::string, std::vector<std::int64_t>>;

mo::cli::Arguments to_arguments(const Options& options) {
  mo::cli::Arguments arguments;
  for (const auto& [name, value] : options) arguments.set("--" + name, value);
  return arguments;
}

/// Reports to Python and lets its signal handlers run: at the bounds of every phase, else ten times a second.
class Reporter {
 public:
  explicit Reporter(std::optional<Report> report) : report_(std::move(report)) {}

  void operator()(const mo::ProgressState& state) {
    const auto now = std::chrono::steady_clock::now();
    const bool at_bounds = state.phase != phase_ || state.done == state.total;
    if (!at_bounds && now - last_ < std::chrono::milliseconds(100)) return;
    phase_ = state.phase;
    last_ = now;
    const nb::gil_scoped_acquire held;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (report_) (*report_)(state.phase, state.done, state.total);
  }

 private:
  std::optional<Report> report_;
  std::string phase_;
  std::chrono::steady_clock::time_point last_;
};

nb::dict to_dict(const mo::Message& message) {
  static constexpr const char* levels[] = {"info", "warning", "error"};
  nb::dict dict;
  dict["level"] = levels[static_cast<int>(message.level)];
  dict["code"] = message.code;
  dict["cause"] = message.cause;
  dict["remedy"] = message.remedy;
  dict["layer"] = message.layer;
  dict["layer_type"] = message.layer_type;
  dict["file"] = message.file;
  dict["line"] = message.line;
  dict["column"] = message.column;
  dict["field"] = message.field;
  dict["byte_offset"] = message.byte_offset;
  dict["text"] = message.text;
  return dict;
}

nb::list to_list(const std::vector<mo::Message>& messages) {
  nb::list list;
  for (const mo::Message& message : messages) list.append(to_dict(message));
  return list;
}

std::vector<Port> to_ports(const std::vector<mo::IrPort>& ports) {
  std::vector<Port> out;
  out.reserve(ports.size());
  for (const mo::IrPort& port : ports) out.emplace_back(port.name, port.shape);
  return out;
}

nb::tuple to_tuple(const mo::Ir& ir) {
  return nb::make_tuple(nb::bytes(ir.xml.data(), ir.xml.size()),
                        nb::bytes(ir.mapping.data(), ir.mapping.size()), to_ports(ir.inputs),
                        to_ports(ir.outputs), to_list(ir.messages));
}

/// The weights go where `allocate` says.
mo::library::Hooks to_hooks(const Allocate& allocate, unsigned threads, std::optional<Report> report) {
  return {threads, Reporter(std::move(report)), [&allocate](std::size_t size) {
            const nb::gil_scoped_acquire held;
            const Bytes bytes = allocate(size);
            if (bytes.size() != size) throw nb::value_error("the memory for the weights is of another size");
            return reinterpret_cast<std::byte*>(bytes.data());
          }};
}

nb::tuple convert(const Options& options, const Allocate& allocate, unsigned threads,
                  std::optional<Report> report) {
  const mo::library::Hooks hooks = to_hooks(allocate, threads, std::move(report));
  mo::Ir ir;
  {
    const nb::gil_scoped_release released;
    ir = mo::library::convert(to_arguments(options), hooks);
  }
  return to_tuple(ir);
}

nb::tuple upgrade(const Options& options, const Allocate& allocate) {
  const mo::library::Hooks hooks = to_hooks(allocate, 0, {});
  mo::Ir ir;
  {
    const nb::gil_scoped_release released;
    ir = mo::library::upgrade(to_arguments(options), hooks);
  }
  return to_tuple(ir);
}

nb::list to_list(const std::vector<mo::BlobInfo>& blobs) {
  nb::list list;
  for (const mo::BlobInfo& blob : blobs) list.append(nb::make_tuple(blob.name, blob.shape));
  return list;
}

nb::tuple inspect(const Options& options) {
  mo::ModelInfo info;
  {
    const nb::gil_scoped_release released;
    info = mo::library::inspect(to_arguments(options));
  }
  nb::list layers;
  for (const mo::LayerInfo& layer : info.layers)
    layers.append(nb::make_tuple(layer.name, layer.type, to_list(layer.bottoms), to_list(layer.tops),
                                 layer.parameters, layer.multiply_adds, layer.weights));
  return nb::make_tuple(info.name, info.trained, layers, to_list(info.messages));
}

void save(const nb::bytes& xml, const nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig>& weights,
          const nb::bytes& mapping, const std::string& path) {
  const std::string_view xml_text(xml.c_str(), xml.size());
  const std::string_view mapping_text(mapping.c_str(), mapping.size());
  const std::span bytes(reinterpret_cast<const std::byte*>(weights.data()), weights.size());
  const nb::gil_scoped_release released;
  mo::library::save(xml_text, bytes, mapping_text, path);
}

}  // namespace

NB_MODULE(_converter, module) {
  const nb::exception<mo::Error> failed(module, "Failed");
  nb::register_exception_translator(
      [](const std::exception_ptr& exception, void* type) {
        try {
          std::rethrow_exception(exception);
        } catch (const mo::Error& error) {
          PyErr_SetObject(static_cast<PyObject*>(type),
                          nb::make_tuple(error.exit_status(), to_list(error.messages())).ptr());
        }
      },
      failed.ptr());
  module.def("convert", &convert, nb::arg("options"), nb::arg("allocate"), nb::arg("threads"),
             nb::arg("report").none());
  module.def("upgrade", &upgrade, nb::arg("options"), nb::arg("allocate"));
  module.def("inspect", &inspect, nb::arg("options"));
  module.def("save", &save, nb::arg("xml"), nb::arg("weights"), nb::arg("mapping"), nb::arg("path"));
  module.attr("__version__") = MO_VERSION_TEXT;
}
