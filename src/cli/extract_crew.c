/* Blocks go round a ring: the main thread fills one and gives it to whichever thread is free, and takes them back in the
 * order in which they were filled. As many as the ring has are in memory at once, so that reading waits for work and work
 * for writing. With one thread the main thread does the work itself. */
#include <pthread.h>
#include <stdlib.h>

#include "cli/extract.h"

struct extract_crew {
    extract_run *run;
    pthread_t *threads;
    uint32_t n_threads; /* beside the main one; 0: that works */
    extract_block *blocks;
    uint64_t n_blocks;
    pthread_mutex_t lock;
    pthread_cond_t has_work, has_result;
    uint64_t n_filled, n_begun, n_taken; /* blocks so far; block i lies at i % n_blocks */
    bool is_ending;
};

typedef struct thread_start {
    extract_crew *crew;
    extract_worker *worker;
} thread_start;

static void work_on(extract_worker *worker, extract_block *block) {
    worker->block = block;
    if (worker->run->values->csv) extract_csv_block(worker);
    else extract_ndjson_block(worker);
    extract_batch_flush(worker);
}

static void *work(void *argument) {
    thread_start start = *(thread_start *)argument;
    extract_crew *crew = start.crew;
    free(argument);
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (crew->n_begun == crew->n_filled && !crew->is_ending) pthread_cond_wait(&crew->has_work, &crew->lock);
        if (crew->n_begun == crew->n_filled) break;
        extract_block *block = &crew->blocks[crew->n_begun++ % crew->n_blocks];
        pthread_mutex_unlock(&crew->lock);
        work_on(start.worker, block);
        pthread_mutex_lock(&crew->lock);
        block->is_done = true;
        pthread_cond_signal(&crew->has_result);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

static bool start_thread(extract_crew *crew, extract_worker *worker) {
    thread_start *start = malloc(sizeof *start);
    if (!start) return false;
    *start = (thread_start){crew, worker};
    if (pthread_create(&crew->threads[crew->n_threads], NULL, work, start) == 0) {
        crew->n_threads++;
        return true;
    }
    free(start);
    return false;
}

extract_crew *extract_crew_new(extract_run *run) {
    extract_crew *crew = calloc(1, sizeof *crew);
    if (!crew) return NULL;
    crew->run = run;
    crew->n_blocks = run->n_workers > 1 ? 2 * (uint64_t)run->n_workers : 1;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->has_work, NULL);
    pthread_cond_init(&crew->has_result, NULL);
    crew->blocks = calloc((size_t)crew->n_blocks, sizeof *crew->blocks);
    crew->threads = calloc(run->n_workers, sizeof *crew->threads);
    if (!crew->blocks || !crew->threads) {
        extract_crew_free(crew);
        return NULL;
    }
    sigset_t before;
    cli_interrupt_block(&before); /* the main thread is the one that is told */
    for (uint32_t i = 0; run->n_workers > 1 && i < run->n_workers; i++)
        if (!start_thread(crew, &run->workers[i])) break;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return crew;
}

void extract_crew_free(extract_crew *crew) {
    if (!crew) return;
    pthread_mutex_lock(&crew->lock);
    crew->is_ending = true;
    pthread_cond_broadcast(&crew->has_work);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->n_threads; i++) pthread_join(crew->threads[i], NULL);
    for (uint64_t i = 0; crew->blocks && i < crew->n_blocks; i++) {
        extract_block *block = &crew->blocks[i];
        sm_buffer_free(&block->input);
        sm_buffer_free(&block->out.buffer);
        sm_buffer_free(&block->messages);
        sm_buffer_free(&block->rejects);
    }
    pthread_cond_destroy(&crew->has_result);
    pthread_cond_destroy(&crew->has_work);
    pthread_mutex_destroy(&crew->lock);
    free(crew->blocks);
    free(crew->threads);
    free(crew);
}

static void take_oldest(extract_crew *crew) {
    extract_block *block = &crew->blocks[crew->n_taken % crew->n_blocks];
    pthread_mutex_lock(&crew->lock);
    while (!block->is_done) pthread_cond_wait(&crew->has_result, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    crew->n_taken++;
    extract_take(crew->run, block);
}

extract_block *extract_crew_block(extract_crew *crew) {
    if (crew->n_filled - crew->n_taken == crew->n_blocks) take_oldest(crew);
    return &crew->blocks[crew->n_filled % crew->n_blocks];
}

void extract_crew_submit(extract_crew *crew) {
    extract_block *block = &crew->blocks[crew->n_filled % crew->n_blocks];
    /* What FILE.part has already is counted from the front: until it is passed over one thread works. */
    bool is_alone = crew->n_threads == 0 || crew->run->workers[0].n_to_pass;
    if (is_alone) work_on(&crew->run->workers[0], block);
    pthread_mutex_lock(&crew->lock);
    block->is_done = is_alone;
    crew->n_filled++;
    crew->n_begun += is_alone;
    if (!is_alone) pthread_cond_signal(&crew->has_work);
    pthread_mutex_unlock(&crew->lock);
    if (is_alone) extract_crew_drain(crew);
}

void extract_crew_drain(extract_crew *crew) {
    while (crew->n_taken < crew->n_filled) take_oldest(crew);
}
