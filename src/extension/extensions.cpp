#include "extension/extensions.h"

#include <algorithm>
#include <utility>

#include "extension/call.h"
#include "extension/host.h"
#include "extension/probe.h"
#include "extension/registration.h"
#include "graph/op.h"

namespace mo::extension {

namespace {

std::int32_t enter(void* self, mo_call* call) {
  return static_cast<const Library*>(self)->entry()(&host(), call);
}

void load(const std::string& path, Extensions& extensions) {
  const auto library = Library::open(path);
  Registration registration(library, extensions);
  mo_call call;
  call.library = path;
  call.registration = &registration;
  run(call, enter, const_cast<Library*>(library.get()));
  extensions.libraries.push_back(path);
}

/// Infers again what a pass touched and what depends on it.
void settle(Graph& graph, std::set<NodeId> touched) {
  const auto shapes_of = [&](NodeId id) {
    std::vector<Shape> shapes;
    for (const Output& output : graph.node(id).outputs) shapes.push_back(output.shape);
    return shapes;
  };
  for (const NodeId id : graph.topological_order()) {
    if (!touched.contains(id)) continue;
    const std::vector<Shape> before = shapes_of(id);
    graph.infer(id);
    if (shapes_of(id) == before) continue;
    for (const Output& output : graph.node(id).outputs)
      for (const Use& use : output.uses) touched.insert(use.node);
  }
}

[[noreturn]] void fail_behind(const Pass& pass, const Failure& failure) {
  Diagnostic diagnostic = failure.diagnostic();
  diagnostic.code = &code::extension_failed;
  diagnostic.cause =
      "behind the pass " + pass.name + " of " + pass.callback.library->path() + ": " + diagnostic.cause;
  throw Failure(std::move(diagnostic));
}

}  // namespace

void load_library(const std::string& path, Extensions& extensions) {
  probe(path, [&] {
    Extensions scratch;
    load(path, scratch);
  });
  load(path, extensions);
}

void run_passes(const Extensions& extensions, Stage stage, Graph& graph, int ir_version,
                Diagnostics& diagnostics) {
  for (const Pass& pass : extensions.passes) {
    if (pass.stage != stage) continue;
    mo_call call;
    call.library = pass.callback.library->path();
    call.where = pass.callback.where;
    call.rewritten = &graph;
    call.ops = extensions.ops.get();
    call.diagnostics = &diagnostics;
    call.ir_version = ir_version;
    run(call, pass.run, own_part(pass.callback));
    try {
      settle(graph, std::move(call.touched));
    } catch (const Failure& failure) {
      fail_behind(pass, failure);
    }
    for (const std::string& name : graph.erase_dead())
      diagnostics.info(code::unused_input, "behind the pass " + pass.name + " of " + call.library +
                                               " the input \"" + name +
                                               "\" has no influence and is left out");
  }
}

}  // namespace mo::extension
