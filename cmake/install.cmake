# The program with its manual page and completions; the library with its header; and the SDK for extension libraries of
# the program, headers alone.  One CMake package has both, pkg-config knows the library.
#
#   cmake --install build/release --prefix DIR                     all
#   cmake --install build/release --prefix DIR --component sdk     the SDK and the library alone
include(CMakePackageConfigHelpers)

install(TARGETS mo RUNTIME DESTINATION bin COMPONENT program)
# Where mo looks for extensions without being told; $<TARGET_FILE_DIR:mo>/../lib/mo/extensions.
install(DIRECTORY DESTINATION lib/mo/extensions COMPONENT program)
install(FILES docs/mo.1 DESTINATION share/man/man1 COMPONENT program)
install(FILES scripts/completion/mo.bash DESTINATION share/bash-completion/completions RENAME mo COMPONENT program)
install(FILES scripts/completion/_mo DESTINATION share/zsh/vendor-completions COMPONENT program)
install(FILES docs/FAQ.md LICENSE DESTINATION share/doc/caffe-model-optimizer COMPONENT program)

add_library(extension_sdk INTERFACE)
set_target_properties(extension_sdk PROPERTIES EXPORT_NAME extension)
target_include_directories(extension_sdk INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                   $<INSTALL_INTERFACE:include>)
target_compile_features(extension_sdk INTERFACE cxx_std_20)

install(DIRECTORY include/mo ${PROJECT_BINARY_DIR}/include/mo DESTINATION include COMPONENT sdk)
install(TARGETS extension_sdk model_optimizer EXPORT ModelOptimizer LIBRARY DESTINATION lib COMPONENT sdk)
install(EXPORT ModelOptimizer NAMESPACE ModelOptimizer:: FILE ModelOptimizerTargets.cmake
        DESTINATION lib/cmake/ModelOptimizer COMPONENT sdk)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ModelOptimizerConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES cmake/ModelOptimizerConfig.cmake ${PROJECT_BINARY_DIR}/ModelOptimizerConfigVersion.cmake
        DESTINATION lib/cmake/ModelOptimizer COMPONENT sdk)
configure_file(cmake/model_optimizer.pc.in model_optimizer.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/model_optimizer.pc DESTINATION lib/pkgconfig COMPONENT sdk)
