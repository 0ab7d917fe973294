#include "extension/registration.h"

#include <algorithm>

#include "caffe/layer_context.h"
#include "custom/foreign_op.h"
#include "extension/call.h"
#include "extension/host.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::extension {

namespace {

/// The library's own part of a callback; released with it, once the library has handed it over.
struct Self {
  void* self = nullptr;
  void (*release)(void*) = nullptr;
  explicit Self(void* held) : self(held) {}
  Self(const Self&) = delete;
  Self& operator=(const Self&) = delete;
  ~Self() {
    if (release != nullptr) release(self);
  }
};

template <class Definition>
void check_size(const mo_call& call, const Definition& definition, const char* what) {
  if (definition.size < sizeof(Definition))
    fail(call, std::string("it offers ") + what + " whose size is " + std::to_string(definition.size) +
                   " where at least " + std::to_string(sizeof(Definition)) + " are needed");
}

std::string named(const mo_call& call, mo_text text, const char* what) {
  std::string name(to_view(call, text));
  if (name.empty()) fail(call, std::string("it offers ") + what + " without a name");
  return name;
}

mo_call call_of(const Callback& callback) {
  mo_call call;
  call.library = callback.library->path();
  call.where = callback.where;
  return call;
}

void lower(const Callback& callback, mo_callback function, const std::shared_ptr<const OpRegistry>& ops,
           caffe::LayerContext& context) {
  mo_call call = call_of(callback);
  call.layer = &context;
  call.ops = ops.get();
  run(call, function, own_part(callback));
}

void infer(const Callback& callback, mo_callback function, ShapeContext& context) {
  mo_call call = call_of(callback);
  call.shapes = &context;
  run(call, function, own_part(callback));
  if (context.node().outputs.empty())
    fail(call, call.where + " of " + call.library + " sets no shape", "tell those who made the extension");
}

void write_opset(const Callback& callback, mo_callback function, ir::opset::Lowering& lowering) {
  mo_call call = call_of(callback);
  call.opset = &lowering;
  call.ir_version = lowering.dialect().version;
  run(call, function, own_part(callback));
  for (std::size_t i = 0; i < lowering.node().outputs.size(); ++i)
    if (!lowering.has_output(i))
      fail(call, call.where + " of " + call.library + " does not write output " + std::to_string(i),
           "tell those who made the extension");
}

void write_legacy(const Callback& callback, mo_callback function, ir::legacy::Spelling& spelling) {
  mo_call call = call_of(callback);
  call.legacy = &spelling;
  call.ir_version = spelling.dialect().version;
  run(call, function, own_part(callback));
  if (spelling.layer().type.empty())
    fail(call, call.where + " of " + call.library + " does not say the layer's type",
         "tell those who made the extension");
}

}  // namespace

Callback Registration::callback(void* self, std::string where) const {
  return {library_, std::make_shared<Self>(self), std::move(where)};
}

void Registration::hand_over(const Callback& callback, void (*release)(void*)) {
  static_cast<Self*>(callback.self.get())->release = release;
}

void Registration::add(const mo_call& call, const mo_layer_def& definition) {
  check_size(call, definition, "a layer");
  if (definition.lower == nullptr) fail(call, "it offers a layer that has no function lower");
  auto layer = std::make_unique<caffe::LayerRegistry::UserLayer>();
  layer->source = library_->path();
  for (const mo_text& type : to_span(call, definition.types, definition.type_count))
    layer->names.push_back(named(call, type, "a layer"));
  const std::size_t types = layer->names.size();
  if (types == 0) fail(call, "it offers a layer without a name");
  const auto parameters = to_span(call, definition.parameters, definition.parameter_count);
  for (const mo_parameter& parameter : parameters)
    layer->names.push_back(named(call, parameter.path, "a parameter"));
  // From here on the names stay where they are, and views of them can be taken.
  const std::span<const std::string> names = layer->names;
  layer->definition.types.assign(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(types));
  for (std::size_t i = 0; i < parameters.size(); ++i)
    layer->definition.parameters.push_back({names[types + i], to_value(call, parameters[i].default_value)});
  layer->definition.blobs = {definition.blobs.least, definition.blobs.most};
  layer->definition.bottoms = {definition.bottoms.least, definition.bottoms.most};
  layer->definition.tops = {definition.tops.least, definition.tops.most};
  const Callback held = callback(definition.self, "layer " + names[0]);
  layer->definition.lower = [held, function = definition.lower, ops = extensions_.ops](
                                caffe::LayerContext& context) { lower(held, function, ops, context); };
  if (const auto taken = extensions_.layers.add(std::move(layer)))
    fail(call, "it offers the layer type " + taken->type + ", which " + taken->source + " has too",
         "keep one of the two");
  hand_over(held, definition.release);
}

void Registration::add(const mo_call& call, const mo_op_def& definition) {
  check_size(call, definition, "an op");
  if (definition.infer == nullptr) fail(call, "it offers an op that has no function infer");
  auto op = std::make_unique<OpRegistry::UserOp>();
  op->name = named(call, definition.name, "an op");
  op->source = library_->path();
  if (op->name == op::input.name) fail(call, "it offers the op " + op->name + ", which cannot be replaced");
  const Callback held = callback(definition.self, "op " + op->name);
  custom::ForeignLayer foreign;
  foreign.type = op->name;
  foreign.version = to_view(call, definition.version);
  if (foreign.version.empty()) foreign.version = "extension";
  foreign.copies_attributes = true;
  op->definition = custom::make_foreign_op(op->name, foreign);
  op->definition.infer = [held, function = definition.infer](ShapeContext& context) {
    infer(held, function, context);
  };
  if (definition.opset != nullptr)
    op->definition.opset = [held, function = definition.opset](ir::opset::Lowering& lowering) {
      write_opset(held, function, lowering);
    };
  if (definition.legacy != nullptr)
    op->definition.legacy = [held, function = definition.legacy](ir::legacy::Spelling& spelling) {
      write_legacy(held, function, spelling);
    };
  const std::string name = op->name;
  if (const std::string taken = extensions_.ops->add(std::move(op)); !taken.empty())
    fail(call, "it offers the op " + name + ", which " + taken + " has too", "keep one of the two");
  hand_over(held, definition.release);
}

void Registration::add(const mo_call& call, const mo_pass_def& definition) {
  check_size(call, definition, "a pass");
  if (definition.run == nullptr) fail(call, "it offers a pass that has no function run");
  if (definition.stage < MO_FRONT || definition.stage > MO_BACK)
    fail(call, "it offers a pass for the unknown stage " + std::to_string(definition.stage));
  Pass pass;
  pass.name = named(call, definition.name, "a pass");
  for (const Pass& other : extensions_.passes)
    if (other.name == pass.name)
      fail(call, "it offers the pass " + pass.name + ", which " + other.callback.library->path() + " has too",
           "keep one of the two");
  pass.stage = static_cast<Stage>(definition.stage);
  pass.callback = callback(definition.self, "pass " + pass.name);
  pass.run = definition.run;
  hand_over(pass.callback, definition.release);
  extensions_.passes.push_back(std::move(pass));
}

void Registration::disable_layer(const mo_call& call, std::string_view type) {
  if (!extensions_.layers.disable(type))
    fail(call, "it disables the layer type \"" + std::string(type) + "\", which is not built in",
         "docs/layers.md lists the built-in types");
}

void Registration::disable_pass(const mo_call& call, std::string_view name) {
  const auto known = passes::all();
  if (std::ranges::find(known, name, &passes::Pass::name) == known.end())
    fail(call, "it disables the pass \"" + std::string(name) + "\", which is not built in",
         "docs/custom-layers.md#passes lists the built-in passes");
  extensions_.disabled_passes.emplace_back(name);
}

namespace {

template <class Definition>
std::int32_t add(mo_call* call, const Definition* definition) noexcept {
  return guarded(call, [&](const mo_call& c) {
    if (c.registration == nullptr) fail(c, "this function of mo is for mo_extension_register alone");
    if (definition == nullptr) fail(c, "it offers nothing");
    c.registration->add(c, *definition);
  });
}

std::int32_t disable_layer(mo_call* call, mo_text type) noexcept {
  return guarded(call, [&](const mo_call& c) {
    if (c.registration == nullptr) fail(c, "this function of mo is for mo_extension_register alone");
    c.registration->disable_layer(c, to_view(c, type));
  });
}

std::int32_t disable_pass(mo_call* call, mo_text name) noexcept {
  return guarded(call, [&](const mo_call& c) {
    if (c.registration == nullptr) fail(c, "this function of mo is for mo_extension_register alone");
    c.registration->disable_pass(c, to_view(c, name));
  });
}

}  // namespace

void fill_registration(mo_host& table) {
  table.add_layer = add<mo_layer_def>;
  table.add_op = add<mo_op_def>;
  table.add_pass = add<mo_pass_def>;
  table.disable_layer = disable_layer;
  table.disable_pass = disable_pass;
}

void* own_part(const Callback& callback) {
  return static_cast<const Self*>(callback.self.get())->self;
}

}  // namespace mo::extension
