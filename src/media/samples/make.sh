#!/bin/sh
# Recordings for the tests, made with flite 2.2, ffmpeg 5.1 and sox 14.4.2 of Debian 12. Run in this folder.
set -e
flite -voice slt -t "seven green birds" -o speech.wav
make() { ffmpeg -nostdin -v error -y -i speech.wav -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@"; }
make -ar 44100 -ac 2 -c:a libmp3lame -b:a 32k speech.mp3
make -ar 24000 -ac 1 -c:a flac speech.flac
make -ar 22050 -ac 1 -c:a libvorbis -q:a 0 speech-vorbis.ogg
make -ar 48000 -ac 1 -c:a libopus -b:a 12k speech-opus.ogg
make -ar 48000 -ac 2 -c:a libopus -b:a 16k speech.webm
make -ar 22050 -ac 1 -c:a libvorbis -q:a 0 speech-vorbis.webm
make -ar 16000 -ac 1 -c:a aac -b:a 16k speech.m4a
make -ar 16000 -ac 1 -c:a aac -b:a 16k -f adts speech.aac
make -ar 8000 -ac 1 -c:a pcm_mulaw speech-mulaw.wav
make -ar 8000 -ac 1 -c:a pcm_alaw speech-alaw.wav
make -ar 8000 -ac 1 -c:a pcm_s24le speech-24.wav
make -ar 8000 -ac 1 -c:a pcm_f32le speech-float.wav
make -ar 8000 -ac 1 -c:a pcm_u8 speech-8.wav
# Ten hours of nothing.
ffmpeg -nostdin -v error -y -f lavfi -i anullsrc=r=8000:cl=mono -t 36000 -c:a flac -frame_size 65535 -fflags +bitexact -flags:a +bitexact silence.flac
gzip -9n silence.flac
