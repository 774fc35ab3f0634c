# What `cmake --install` lays down: libraries under both names, headers, pkg-config files, a CMake
# package, the tool and its page.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/galvan")

install(TARGETS galvan EXPORT galvanTargets)
install(TARGETS galvan_static EXPORT galvanStaticTargets)
install(FILES "${PROJECT_BINARY_DIR}/librustls.so" "${PROJECT_BINARY_DIR}/librustls.a"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}")
file(GLOB public_headers CONFIGURE_DEPENDS include/*.h)
install(FILES ${public_headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

# galvan::galvan is the shared library and asks for nothing else; galvan::galvan_static brings
# libcrypto and the compression libraries, and is in a file of its own so that a program with the
# first needs no headers of theirs.
install(EXPORT galvanTargets NAMESPACE galvan:: DESTINATION "${package_dir}")
install(EXPORT galvanStaticTargets NAMESPACE galvan:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/galvanConfig.cmake.in galvanConfig.cmake
    INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/galvanConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/galvanConfig.cmake"
    "${PROJECT_BINARY_DIR}/galvanConfigVersion.cmake" DESTINATION "${package_dir}")
if("Brotli" IN_LIST compression_packages)
    install(FILES cmake/FindBrotli.cmake DESTINATION "${package_dir}")
endif()

# pkg-config files find their prefix from where they stand, so that an installed tree can be moved.
cmake_path(SET pc_dir NORMALIZE "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY "${pc_dir}" OUTPUT_VARIABLE pc_to_prefix)
foreach(dir LIBDIR INCLUDEDIR)
    cmake_path(IS_ABSOLUTE CMAKE_INSTALL_${dir} absolute)
    if(absolute)
        set(pc_${dir} "${CMAKE_INSTALL_${dir}}")
    else()
        set(pc_${dir} "\${prefix}/${CMAKE_INSTALL_${dir}}")
    endif()
endforeach()
foreach(name galvan rustls)
    configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

if(TARGET galvan_tool)
    install(TARGETS galvan_tool)
endif()
if(EXISTS "${PROJECT_SOURCE_DIR}/docs/galvan.1")
    install(FILES docs/galvan.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
