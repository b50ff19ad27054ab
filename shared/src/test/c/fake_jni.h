/*
 * Stands in for the JVM in tests of the native library: just the functions that the library uses, with the bounds
 * checks of the real ones turned into a failed test.  Every array has its own exact allocation, so that a sanitizer
 * sees a single byte too much.
 */
#ifndef FAKE_JNI_H
#define FAKE_JNI_H

#include <jni.h>
#include <stddef.h>

extern JNIEnv env;

/* Arrays as Java would hand them over; the contents are copied.  release_arrays frees all that a test made. */
jbyteArray bytes(const void *from, size_t n);
jbyteArray text(const char *s);
jbyteArray room(size_t n);
jintArray ints(const jint *from, size_t n);
jshortArray shorts(const jshort *from, size_t n);
jlongArray longs(size_t n);
jobjectArray objects(const jbyteArray *from, size_t n);
jobject descriptor(jint fd);
void release_arrays(void);

/* The contents of an array. */
void *in(jarray array);

/* References handed out by GetObjectArrayElement and not given back. */
extern int live_references;

/* Calls JNI_OnLoad with a JavaVM that gives env. */
jint load(void);

#endif
