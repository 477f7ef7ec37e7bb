# The same code in other words: how make backport reads a series where the tree has
# the later word.  Conditions are: file of the tree, expression that it has.
#if include/sound/soc.h snd_soc_dpcm_mutex_lock
s/mutex_lock_nested(&\([a-z]*\)->card->pcm_mutex, \1->card->pcm_subclass)/snd_soc_dpcm_mutex_lock(\1)/
s/mutex_unlock(&\([a-z]*\)->card->pcm_mutex)/snd_soc_dpcm_mutex_unlock(\1)/
#if include/sound/soc.h snd_soc_card_mutex_lock
s/mutex_lock_nested(&\([a-z]*\)->card->mutex, SND_SOC_CARD_CLASS_RUNTIME)/snd_soc_card_mutex_lock(\1->card)/
s/mutex_unlock(&\([a-z]*\)->card->mutex)/snd_soc_card_mutex_unlock(\1->card)/
#if include/sound/soc.h snd_soc_rtd_to_cpu
s/asoc_rtd_to_\(cpu\|codec\)(/snd_soc_rtd_to_\1(/g
#if include/sound/soc.h snd_soc_substream_to_rtd
s/asoc_substream_to_rtd(/snd_soc_substream_to_rtd(/g
#if include/sound/soc.h dpcm_be_start
# Android keeps the count where its structs had a reserve
s/dpcm\[stream\]\.be_start/dpcm_be_start[stream]/g
s/\<be->be_start\>/dpcm->be->dpcm_be_start[stream]/g
/^\tint be_start;/d
#unless sound/soc/soc-pcm.c soc_pcm_ret
s/return soc_pcm_ret([a-z]*, \([a-z]*\));/return \1;/
