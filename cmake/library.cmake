# The public C++ interface (include/mo/converter.hpp): a shared library that exports that and nothing else.
file(GLOB library_sources CONFIGURE_DEPENDS src/library/*.cpp)
add_library(mo_library OBJECT ${library_sources})
set_target_properties(mo_library PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_definitions(mo_library PRIVATE MO_CONVERTER_BUILD)
target_link_libraries(mo_library PUBLIC mo_core)

add_library(model_optimizer SHARED $<TARGET_OBJECTS:mo_library>)
target_link_libraries(model_optimizer PRIVATE mo_core)
# Before 1.0 every minor version has an interface of its own.
set_target_properties(model_optimizer PROPERTIES
  EXPORT_NAME converter
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_include_directories(model_optimizer INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                     $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                                     $<INSTALL_INTERFACE:include>)
target_compile_features(model_optimizer INTERFACE cxx_std_20)
# Neither archives that are linked in nor the standard library's templates add to the exports.
target_link_options(model_optimizer PRIVATE LINKER:--exclude-libs,ALL
                                            LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/library.map)
set_target_properties(model_optimizer PROPERTIES LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/library.map)
