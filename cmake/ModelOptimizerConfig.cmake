# find_package(ModelOptimizer): the converter as a library, and the SDK for extension libraries of mo.
#
#   ModelOptimizer::converter           <mo/converter.hpp>
#   mo_add_extension(NAME SOURCE ...)   a library for --extensions: NAME.so, which exports its entry alone
include("${CMAKE_CURRENT_LIST_DIR}/ModelOptimizerTargets.cmake")

function(mo_add_extension name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE ModelOptimizer::extension)
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF)
endfunction()
