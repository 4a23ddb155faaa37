;; A module that is not to be trusted, behind the real one's exports. Its token says what it tries:
;; M leaves a marker everywhere, S looks for one, L loops, G grows, O writes outside, T traps.
(module
  (import "gate" "verify" (func (param i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (global $seen (mut i32) (i32.const 0))
  (func (export "start"))
  (func (export "settings") (param i32) (result i32) (i32.const 1024))
  (func (export "configure") (param i32) (result i32)
    (i32.store8 (i32.const 60000) (i32.const 1))
    (i32.const 0))
  (func (export "token") (result i32) (i32.const 2048))
  (func (export "payload") (result i32) (i32.const 2048))
  (func (export "payload_length") (result i32) (i32.const 0))
  (func (export "group") (result i32) (i32.const 0))
  (func (export "max_token_bytes") (result i32) (i32.const 1024))
  (func (export "validate") (param i32 i64) (result i32)
    (local $at i32) (local $what i32)
    (local.set $what (i32.load8_u (i32.const 2048)))
    (if (i32.eq (local.get $what) (i32.const 77)) ;; M
      (then
        (global.set $seen (i32.const 1))
        (loop $fill
          (i32.store8 (local.get $at) (i32.const 171))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $fill (i32.lt_u (local.get $at) (i32.const 60001))))
        (return (i32.const 15))))
    (if (i32.eq (local.get $what) (i32.const 83)) ;; S: 0 if anything is left
      (then
        (if (global.get $seen) (then (return (i32.const 0))))
        (loop $scan
          (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 171)) (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $scan (i32.lt_u (local.get $at) (i32.const 60001))))
        (return (i32.const 15))))
    (if (i32.eq (local.get $what) (i32.const 76)) ;; L
      (then (loop $for_ever (br $for_ever))))
    (if (i32.eq (local.get $what) (i32.const 71)) ;; G: 0 if it may
      (then
        (if (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0)) (then (return (i32.const 0))))
        (return (i32.const 15))))
    (if (i32.eq (local.get $what) (i32.const 79)) ;; O
      (then (i32.store8 (i32.const 0x7fffffff) (i32.const 171))))
    (if (i32.eq (local.get $what) (i32.const 80)) ;; P: above what was used
      (then (i32.store8 (i32.const 131000) (i32.const 171))))
    (unreachable)))
