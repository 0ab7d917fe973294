#include "library/run.h"

#include <new>

#include "cli/metadata.h"
#include "cli/prepare.h"
#include "cli/settings.h"
#include "convert.h"
#include "support/progress.h"
#include "upgrade.h"

namespace mo::library {

namespace {

constexpr int newest_ir_version = 11;

void refuse_errors(const Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) throw Error(to_messages(diagnostics), diagnostics.exit_status());
}

/// Memory for the weights: the caller's, or its own.
class Place {
 public:
  explicit Place(const std::function<std::byte*(std::size_t)>& allocate) : allocate_(allocate) {}

  std::byte* take(std::uint64_t size) {
    size_ = size;
    if (allocate_) {
      bytes_ = {allocate_(size_), [](std::byte*) {}};
      if (!bytes_ && size_ > 0) throw std::bad_alloc();
    } else {
      bytes_ = {static_cast<std::byte*>(::operator new(size_, alignment)),
                [](std::byte* bytes) { ::operator delete(bytes, alignment); }};
    }
    return bytes_.get();
  }
  Weights weights() && { return {std::move(bytes_), size_}; }

 private:
  static constexpr std::align_val_t alignment{64};

  const std::function<std::byte*(std::size_t)>& allocate_;
  std::shared_ptr<std::byte> bytes_;
  std::size_t size_ = 0;
};

Progress::Observer observer(const Hooks& hooks) {
  if (!hooks.progress) return {};
  return [&hooks](const Progress::State& state) { hooks.progress({state.name, state.done, state.total}); };
}

std::vector<IrPort> to_ports(const std::vector<Terminal>& terminals) {
  std::vector<IrPort> ports;
  ports.reserve(terminals.size());
  for (const Terminal& terminal : terminals) ports.push_back({terminal.name, terminal.shape});
  return ports;
}

/// Has `work(memory)` write an IR to memory.
Ir in_memory(const Hooks& hooks, Diagnostics& diagnostics, const auto& work) {
  Place place(hooks.allocate_weights);
  ir::Memory memory{[&](std::uint64_t size) { return place.take(size); }};
  const ConvertResult result = work(memory);
  refuse_errors(diagnostics);
  return {std::move(memory.xml),   std::move(place).weights(), std::move(memory.mapping),
          to_ports(result.inputs), to_ports(result.outputs),   to_messages(diagnostics)};
}

/// The folder of extensions beside the program is the program's alone.
ConvertOptions prepare(const cli::Arguments& arguments, Diagnostics& diagnostics) {
  std::string found;
  ConvertOptions options = cli::prepare(arguments, newest_ir_version, diagnostics, found);
  options.custom_layers.default_folder.clear();
  return options;
}

std::vector<BlobInfo> to_blobs(std::vector<inspect::BlobSummary>& blobs) {
  std::vector<BlobInfo> all;
  all.reserve(blobs.size());
  for (inspect::BlobSummary& blob : blobs)
    all.push_back({std::move(blob.name), blob.known ? std::optional(std::move(blob.shape)) : std::nullopt});
  return all;
}

}  // namespace

Ir convert(const cli::Arguments& arguments, const Hooks& hooks, Diagnostics found) {
  ConvertOptions options = prepare(arguments, found);
  refuse_errors(found);
  Progress progress(observer(hooks));
  options.progress = &progress;
  options.threads = hooks.threads;
  return in_memory(hooks, found, [&](ir::Memory& memory) {
    options.memory = &memory;
    return mo::convert(options, found);
  });
}

Ir upgrade(const cli::Arguments& arguments, const Hooks& hooks, Diagnostics found) {
  UpgradeOptions options = cli::to_upgrade_options(arguments, found, newest_ir_version);
  cli::add_metadata(arguments, options);
  refuse_errors(found);
  return in_memory(hooks, found, [&](ir::Memory& memory) {
    options.memory = &memory;
    return mo::upgrade(options, found);
  });
}

ModelInfo inspect(cli::Arguments arguments, Diagnostics found) {
  arguments.set("--inspect", "json");  // a prototxt alone will do
  const ConvertOptions options = prepare(arguments, found);
  refuse_errors(found);
  inspect::NetSummary summary = summarize(options, found);
  if (summary.layers.empty()) refuse_errors(found);
  ModelInfo info{std::move(summary.name), summary.trained, {}, to_messages(found)};
  for (inspect::LayerSummary& layer : summary.layers)
    info.layers.push_back({std::move(layer.name), std::move(layer.type), to_blobs(layer.bottoms),
                           to_blobs(layer.tops), std::move(layer.parameters), layer.multiply_adds,
                           layer.weights});
  return info;
}

}  // namespace mo::library
